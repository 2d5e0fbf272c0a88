namespace GrainKube.Networking.Proxy.Rules;

/// <summary>What a transaction is to do, in this order: what is referred to is made before and deleted after that which refers to it.</summary>
internal sealed class RuleChanges
{
    public List<(string Set, string Declaration)> NewSets { get; } = [];

    public List<string> NewChains { get; } = [];

    /// <summary>Chains that get these rules in place of those they have.</summary>
    public List<(string Chain, IReadOnlyList<string> Rules)> Filled { get; } = [];

    public List<(RuleElement Element, string Value)> DeletedElements { get; } = [];

    public List<(RuleElement Element, string Value)> AddedElements { get; } = [];

    public List<string> DeletedChains { get; } = [];

    public List<string> DeletedSets { get; } = [];

    public bool IsEmpty => NewSets.Count + Filled.Count + DeletedElements.Count + AddedElements.Count + DeletedChains.Count + DeletedSets.Count == 0;
}
