package sentiment

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheDataFilesAreSound(t *testing.T) {
	_, err := compileEnglish(nil)
	require.NoError(t, err)
}
