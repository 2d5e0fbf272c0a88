namespace GrainKube.Networking.Proxy.Rules;

/// <summary>Names an element of what all services share.</summary>
/// <param name="Set">The map, set or chain that it is in.</param>
/// <param name="Key">Its key, or what its rule matches, as the backend writes it.</param>
internal readonly record struct RuleElement(string Set, string Key);
