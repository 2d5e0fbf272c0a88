namespace GrainKube.Networking.ApiService;

/// <summary>How this server's gateway is known to the cluster.</summary>
public sealed class ApiServiceOptions
{
    /// <summary>Name of this node.</summary>
    public string NodeName { get; set; } = "";

    /// <summary>Address of the Service <c>kubernetes</c>: the first of the service range.</summary>
    public string ServiceAddress { get; set; } = "";

    /// <summary>Address that pods and other machines reach this gateway by.</summary>
    public string AdvertisedAddress { get; set; } = "";

    /// <summary>Its port as configured; 0 where it is only known once it listens.</summary>
    public int Port { get; set; }
}
