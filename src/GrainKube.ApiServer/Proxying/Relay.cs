using GrainKube.ApiMachinery.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GrainKube.ApiServer.Proxying;

/// <summary>What every proxy does with the answer of its target.</summary>
internal static class Relay
{
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>True for headers that are about one connection.</summary>
    public static bool IsHopByHop(string header) => HopByHop.Contains(header);

    public static bool IsUpgrade(HttpRequest request) => request.Headers.Connection.Any(value => value is not null && value.Contains("upgrade", StringComparison.OrdinalIgnoreCase));

    public static void CopyHeaders(HttpResponseMessage response, HttpResponse answer)
    {
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            if (!IsHopByHop(name))
            {
                answer.Headers[name] = values.ToArray();
            }
        }
    }

    /// <summary>Sends each piece on as it comes: the target may be a stream.</summary>
    public static async Task CopyAsync(Stream body, HttpResponse answer, CancellationToken cancel)
    {
        await answer.StartAsync(cancel);
        await answer.Body.FlushAsync(cancel); // who watches wants to know that the watch stands
        var buffer = new byte[32 * 1024];
        while (await body.ReadAsync(buffer, cancel) is var count && count > 0)
        {
            await answer.Body.WriteAsync(buffer.AsMemory(0, count), cancel);
            await answer.Body.FlushAsync(cancel);
        }
    }

    /// <summary>Gives the client the connection that the target gave up HTTP on, until one of them leaves.</summary>
    /// <exception cref="ApiException">400: the client's connection cannot be anything but HTTP.</exception>
    public static async Task UpgradeAsync(HttpContext http, HttpResponseMessage response)
    {
        var cancel = http.RequestAborted;
        var upgrade = http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } feature
            ? feature
            : throw ApiException.BadRequest("this connection cannot be upgraded");
        CopyHeaders(response, http.Response);
        if (response.Headers.TryGetValues("Upgrade", out var protocol))
        {
            http.Response.Headers.Upgrade = protocol.ToArray();
        }

        await using var there = await response.Content.ReadAsStreamAsync(cancel);
        await using var here = await upgrade.UpgradeAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var directions = new[] { PumpAsync(here, there, over.Token), PumpAsync(there, here, over.Token) };
        await Task.WhenAny(directions);
        await over.CancelAsync();
        await Task.WhenAll(directions);
    }

    private static async Task PumpAsync(Stream from, Stream to, CancellationToken cancel)
    {
        try
        {
            var buffer = new byte[32 * 1024];
            while (await from.ReadAsync(buffer, cancel) is var count && count > 0)
            {
                await to.WriteAsync(buffer.AsMemory(0, count), cancel);
                await to.FlushAsync(cancel);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or ApiException)
        {
            // One end has left; the other is told by the close.
        }
    }
}
