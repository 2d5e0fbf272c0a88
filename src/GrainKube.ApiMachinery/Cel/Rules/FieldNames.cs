namespace GrainKube.ApiMachinery.Cel.Rules;

/// <summary>Names of fields that are no identifiers are written in another way in rules: <c>a-b</c> is <c>a__dash__b</c>.</summary>
internal static class FieldNames
{
    private static readonly (string Escaped, string Plain)[] Pieces = [("__underscores__", "__"), ("__dot__", "."), ("__dash__", "-"), ("__slash__", "/")];

    private static readonly HashSet<string> Keywords =
        ["true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"];

    public static string Unescape(string name)
    {
        if (!name.Contains("__", StringComparison.Ordinal))
        {
            return name;
        }

        if (name.Length > 4 && name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal) && Keywords.Contains(name[2..^2]))
        {
            return name[2..^2];
        }

        var made = new System.Text.StringBuilder(name.Length);
        for (var i = 0; i < name.Length;)
        {
            var piece = Array.Find(Pieces, p => name.AsSpan(i).StartsWith(p.Escaped, StringComparison.Ordinal));
            made.Append(piece.Plain ?? name.Substring(i, 1));
            i += piece.Escaped?.Length ?? 1;
        }

        return made.ToString();
    }
}
