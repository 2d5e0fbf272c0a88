namespace GrainKube.ApiServer.Proxying;

/// <summary>What a proxy request names: <c>NAME</c>, <c>NAME:PORT</c> or <c>SCHEME:NAME:PORT</c>; the port may be a number, a name or empty.</summary>
internal readonly record struct ProxyName(string Scheme, string Name, string Port)
{
    /// <returns>Null where it is none of the forms.</returns>
    public static ProxyName? Parse(string text) => text.Split(':') switch
    {
        [{ Length: > 0 } name] => new ProxyName("", name, ""),
        [{ Length: > 0 } name, var port] => new ProxyName("", name, port),
        [var scheme, { Length: > 0 } name, var port] when scheme is "http" or "https" or "" => new ProxyName(scheme, name, port),
        _ => null,
    };
}
