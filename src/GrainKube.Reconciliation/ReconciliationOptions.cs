namespace GrainKube.Reconciliation;

/// <summary>Which controllers run in this cluster.</summary>
public sealed class ReconciliationOptions
{
    /// <summary>Names as upstream's <c>--controllers</c> takes them: <c>*</c> for all, <c>name</c> to switch on, <c>-name</c> to switch off. Default: all.</summary>
    public IReadOnlyList<string> Controllers { get; set; } = ["*"];

    /// <summary>An exact name decides before the star does.</summary>
    public bool IsEnabled(string name) => !Controllers.Contains("-" + name) && (Controllers.Contains(name) || Controllers.Contains("*"));
}
