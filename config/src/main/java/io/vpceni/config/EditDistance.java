package io.vpceni.config;

/// The distance between two words in edits: the restricted Damerau-Levenshtein distance (no substring is edited
/// twice).
public final class EditDistance {
    private EditDistance() {}

    /// How many characters must be inserted, deleted, replaced, or swapped with their neighbour to turn one
    /// word into the other; 0 or more.
    public static int between(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int row = 0; row <= from.length(); row++) {
            for (int column = 0; column <= to.length(); column++) {
                edits[row][column] = row == 0 || column == 0 ? row + column : fewest(edits, from, row, to, column);
            }
        }
        return edits[from.length()][to.length()];
    }

    private static int fewest(int[][] edits, String from, int row, String to, int column) {
        char last = from.charAt(row - 1);
        char wanted = to.charAt(column - 1);
        int fewest = Math.min(
                Math.min(edits[row - 1][column], edits[row][column - 1]) + 1,
                edits[row - 1][column - 1] + (last == wanted ? 0 : 1));
        boolean swapped = row > 1 && column > 1 && last == to.charAt(column - 2) && from.charAt(row - 2) == wanted;
        return swapped ? Math.min(fewest, edits[row - 2][column - 2] + 1) : fewest;
    }
}
