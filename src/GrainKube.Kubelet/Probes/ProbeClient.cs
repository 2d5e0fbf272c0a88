namespace GrainKube.Kubelet.Probes;

/// <summary>Clients that meet the container itself, each time anew: no proxy, no cookies, no redirect that is not looked at, no connection that is used again.</summary>
internal static class ProbeClient
{
    /// <param name="more">Sets what else the kind of probe needs.</param>
    public static HttpClient New(Action<SocketsHttpHandler> more)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.Zero,
        };
        more(handler);
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
