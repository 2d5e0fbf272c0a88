namespace GrainKube.ApiServer.Proxying;

/// <summary>Where a proxied request goes.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">Address and port as a URL has them.</param>
/// <param name="ConnectAsync">Opens a connection there.</param>
internal sealed record ProxyTarget(string Scheme, string Host, Func<CancellationToken, ValueTask<Stream>> ConnectAsync);
