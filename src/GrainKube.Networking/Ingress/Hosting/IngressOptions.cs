using System.Net;

namespace GrainKube.Networking.Ingress.Hosting;

/// <summary>The doors of this node for requests from outside.</summary>
public sealed class IngressOptions
{
    /// <summary>Address to listen on. Default: all.</summary>
    public IPAddress BindAddress { get; set; } = IPAddress.Any;

    /// <summary>Port for HTTP; 0 opens none. Default: 80.</summary>
    public int HttpPort { get; set; } = 80;

    /// <summary>Port for HTTPS; 0 opens none. Default: 443.</summary>
    public int HttpsPort { get; set; } = 443;
}
