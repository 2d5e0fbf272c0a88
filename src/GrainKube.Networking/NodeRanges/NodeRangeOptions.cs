namespace GrainKube.Networking.NodeRanges;

/// <summary>Where nodes get their pod ranges.</summary>
public sealed class NodeRangeOptions
{
    /// <summary>IPv4 range of at least a /24. Default: <c>10.244.0.0/16</c>.</summary>
    public string ClusterCidr { get; set; } = "10.244.0.0/16";
}
