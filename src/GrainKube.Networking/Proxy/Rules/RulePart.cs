namespace GrainKube.Networking.Proxy.Rules;

/// <summary>What one service puts into a backend's rules.</summary>
internal sealed class RulePart
{
    public static readonly RulePart None = new();

    /// <summary>Its chains with their rules.</summary>
    public Dictionary<string, IReadOnlyList<string>> Chains { get; } = [];

    /// <summary>Its own sets with what they are declared as; only where the backend has sets.</summary>
    public Dictionary<string, string> Sets { get; } = [];

    /// <summary>Its elements of what all services share (a map, a set, a chain of one rule for each): what each key leads to, empty for an element of a set.</summary>
    public Dictionary<RuleElement, string> Elements { get; } = [];
}
