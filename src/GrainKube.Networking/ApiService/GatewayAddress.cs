using System.Net;

namespace GrainKube.Networking.ApiService;

/// <summary>Where a gateway is reached by pods and by other machines.</summary>
internal readonly record struct GatewayAddress(string Address, int Port) : IComparable<GatewayAddress>
{
    public string Family => Address.Contains(':') ? "IPv6" : "IPv4";

    /// <summary>No pod and no other machine could reach it, and the API refuses such endpoints.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(IPAddress.Parse(Address));

    /// <summary>Reads <c>10.0.0.5:6443</c> or <c>[fd00::5]:6443</c>; null where it is neither.</summary>
    public static GatewayAddress? Parse(string? text) => IPEndPoint.TryParse(text ?? "", out var end) && end.Port > 0 ? new GatewayAddress(end.Address.ToString(), end.Port) : null;

    public override string ToString() => new IPEndPoint(IPAddress.Parse(Address), Port).ToString();

    public int CompareTo(GatewayAddress other) => (Port, Address).CompareTo((other.Port, other.Address));
}
