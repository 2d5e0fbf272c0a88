namespace GrainKube.ApiMachinery.Cel.Syntax;

/// <summary>The text is no valid expression in its environment; the message is what cel-go would print.</summary>
public sealed class CelCompileException(string source, IReadOnlyList<CelIssue> issues)
    : Exception(string.Join("\n", issues.OrderBy(i => i.Position).Select(i => i.Format(source))))
{
    /// <summary>The expression.</summary>
    public string Text { get; } = source;

    public IReadOnlyList<CelIssue> Issues { get; } = issues;
}
