using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Tests.Probes;

/// <summary>A gRPC server with the health service that comes with gRPC, on a port of this machine.</summary>
internal sealed class HealthServer : IAsyncDisposable
{
    /// <summary>A service whose question is never answered.</summary>
    public const string Silent = "silent";

    private readonly WebApplication app;
    private readonly Health health = new();

    private HealthServer(HttpProtocols protocols, Action<WebApplication, Health> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        builder.Services.AddSingleton<HealthServiceImpl>(health);
        builder.Services.AddGrpc();
        app = builder.Build();
        map(app, health);
    }

    public int Port => new Uri(app.Urls.First()).Port;

    /// <summary>Completes when the question that is never answered was asked.</summary>
    public Task Asked => health.Asked.Task;

    public void Say(string service, HealthCheckResponse.Types.ServingStatus status) => health.SetStatus(service, status);

    public static Task<HealthServer> StartAsync() => StartAsync(HttpProtocols.Http2, (app, _) => app.MapGrpcService<HealthServiceImpl>());

    /// <summary>A server that speaks HTTP, but knows of no health.</summary>
    public static Task<HealthServer> StartWithoutHealthAsync(HttpProtocols protocols) => StartAsync(protocols, (app, _) => app.MapGet("/", () => Results.Ok()));

    /// <summary>A gRPC server with other services only.</summary>
    public static Task<HealthServer> StartOtherAsync() => StartAsync(HttpProtocols.Http2, (app, _) => app.MapGrpcService<Other>());

    public async ValueTask DisposeAsync()
    {
        health.Asked.TrySetCanceled();
        await app.DisposeAsync();
    }

    private static async Task<HealthServer> StartAsync(HttpProtocols protocols, Action<WebApplication, Health> map)
    {
        var server = new HealthServer(protocols, map);
        await server.app.StartAsync();
        return server;
    }

    private sealed class Health : HealthServiceImpl
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            if (request.Service == Silent)
            {
                Asked.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            }

            return await base.Check(request, context);
        }
    }

    private sealed class Other : HealthServiceImpl
    {
        public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
            throw new RpcException(new Status(StatusCode.Unimplemented, "unknown service grpc.health.v1.Health"));
    }
}
