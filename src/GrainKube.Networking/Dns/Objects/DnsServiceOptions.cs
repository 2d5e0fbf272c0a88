namespace GrainKube.Networking.Dns.Objects;

/// <summary>How the cluster DNS is known to the API.</summary>
public sealed class DnsServiceOptions
{
    /// <summary>Address of the cluster DNS; empty where the cluster has none.</summary>
    public string Address { get; set; } = "";
}
