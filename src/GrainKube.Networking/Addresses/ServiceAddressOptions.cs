namespace GrainKube.Networking.Addresses;

/// <summary>Where service addresses come from.</summary>
public sealed class ServiceAddressOptions
{
    /// <summary>Range of the ServiceCIDR <c>kubernetes</c>, made when a cluster starts for the first time. Default: <c>10.96.0.0/12</c>.</summary>
    public string ServiceCidr { get; set; } = "10.96.0.0/12";
}
