namespace GrainKube.Networking.Ingress.Routing;

/// <summary>Who answers: the ready endpoints of a port of a Service.</summary>
/// <param name="Name">For messages, <c>namespace/service:port</c>.</param>
/// <param name="Destinations">Address and port of each, with the scheme, for example <c>http://10.244.0.7:8080</c>.</param>
/// <param name="Http2">The endpoints speak HTTP/2 without TLS (<c>appProtocol: kubernetes.io/h2c</c>, <c>grpc</c>).</param>
internal sealed record Backend(string Name, string[] Destinations, bool Http2)
{
    private int turn;

    /// <summary>The next endpoint in turn; null where there is none.</summary>
    public string? Next() => Destinations.Length == 0 ? null : Destinations[(uint)Interlocked.Increment(ref turn) % Destinations.Length];
}
