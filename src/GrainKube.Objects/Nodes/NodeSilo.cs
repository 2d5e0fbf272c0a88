namespace GrainKube.Objects.Nodes;

/// <summary>Which silo a node's kubelet lives on: the one of the node's name; a simulated node is named after its silo, <c>silo-sim-0001</c>.</summary>
public static class NodeSilo
{
    /// <summary>Stands between the silo's name and the number of a simulated node.</summary>
    public const string SimulatedInfix = "-sim-";

    public static string Of(string node)
    {
        var at = node.LastIndexOf(SimulatedInfix, StringComparison.Ordinal);
        return at > 0 && node[(at + SimulatedInfix.Length)..] is { Length: > 0 } rest && rest.All(char.IsAsciiDigit) ? node[..at] : node;
    }
}
