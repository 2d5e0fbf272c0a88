using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace GrainKube.Docker.Tests.Engine;

/// <summary>A way to the engine that counts how many containers begin or end at once: what of the engine's calls touches networks.</summary>
internal sealed class EngineDoor : IAsyncDisposable
{
    private readonly HttpClient engine = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private readonly WebApplication app;
    private readonly Lock gate = new();
    private int now;

    private EngineDoor()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(PassAsync);
    }

    public string Endpoint => app.Urls.First();

    /// <summary>How many of these calls there were.</summary>
    public int Calls { get; private set; }

    /// <summary>How many were under way at once.</summary>
    public int Most { get; private set; }

    public static async Task<EngineDoor> StartAsync()
    {
        var door = new EngineDoor();
        await door.app.StartAsync();
        return door;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        engine.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        if (!TouchesNetworks(context.Request))
        {
            await ForwardAsync(context);
            return;
        }

        lock (gate)
        {
            Calls++;
            Most = Math.Max(Most, ++now);
        }

        try
        {
            await ForwardAsync(context);
        }
        finally
        {
            lock (gate)
            {
                now--;
            }
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var request = context.Request;
        using var passed = new HttpRequestMessage(new HttpMethod(request.Method), "http://engine" + request.GetEncodedPathAndQuery());
        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            passed.Content = new StreamContent(request.Body);
            passed.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        using var answer = await engine.SendAsync(passed, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    private static bool TouchesNetworks(HttpRequest request) =>
        request.Path.Value!.Contains("/containers/", StringComparison.Ordinal)
        && (HttpMethods.IsDelete(request.Method)
            || (HttpMethods.IsPost(request.Method) && (request.Path.Value.EndsWith("/start", StringComparison.Ordinal) || request.Path.Value.EndsWith("/stop", StringComparison.Ordinal))));
}
