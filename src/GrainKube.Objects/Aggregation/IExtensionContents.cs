namespace GrainKube.Objects.Aggregation;

/// <summary>What other API servers hold in a namespace.</summary>
public interface IExtensionContents
{
    /// <summary>Asks the servers of all registered APIs to delete what they hold in a namespace, and what is left then. Costs nothing where there are no such servers.</summary>
    Task<ExtensionRemains> EmptyAsync(string ns, CancellationToken cancel);
}

/// <summary>What is left of a namespace at other servers.</summary>
/// <param name="Left">Objects by resource, <c>flunders.wardle.example.com</c>.</param>
/// <param name="Failures">What servers answered that did not delete.</param>
/// <param name="Unknown">Groups and versions of which nobody knows what they hold, as <c>wardle.example.com/v1alpha1</c>: a namespace must not go before that is known.</param>
public sealed record ExtensionRemains(IReadOnlyDictionary<string, int> Left, IReadOnlyList<string> Failures, IReadOnlyList<string> Unknown)
{
    public static readonly ExtensionRemains None = new(new Dictionary<string, int>(), [], []);

    public bool IsEmpty => Left.Count + Failures.Count + Unknown.Count == 0;
}
