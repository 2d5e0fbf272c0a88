using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using GrainKube.Networking.Proxy.Services;
using Microsoft.Extensions.Logging;

namespace GrainKube.Networking.Proxy.Health;

/// <summary>Answers load balancers that ask whether this node has endpoints of a Service: 200 where it has some, 503 where it has none.</summary>
internal sealed partial class HealthPorts(ILogger<HealthPorts> logger) : IDisposable
{
    private readonly ConcurrentDictionary<ServiceName, Door> doors = [];

    /// <summary>Opens, changes or closes the service's port. A port that cannot be opened is reported and tried again at the next change.</summary>
    public void Update(ProxiedService service)
    {
        if (doors.TryGetValue(service.Name, out var open))
        {
            if (service.Health is { } same && same.Port == open.Port)
            {
                open.LocalEndpoints = same.LocalEndpoints;
                return;
            }

            doors.TryRemove(service.Name, out _);
            open.Dispose();
        }

        if (service.Health is { } health)
        {
            Open(service.Name, health);
        }
    }

    public void Dispose()
    {
        foreach (var door in doors.Values)
        {
            door.Dispose();
        }

        doors.Clear();
    }

    private void Open(ServiceName name, ServiceHealth health)
    {
        var door = new Door(name, health.Port) { LocalEndpoints = health.LocalEndpoints };
        try
        {
            door.Start();
            doors[name] = door;
        }
        catch (HttpListenerException error)
        {
            door.Dispose();
            LogNotOpened(name, health.Port, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The health check port {Port} of {Service} cannot be opened: {Why}")]
    private partial void LogNotOpened(ServiceName service, int port, string why);

    private sealed class Door(ServiceName name, int port) : IDisposable
    {
        private readonly HttpListener listener = new();

        public int Port => port;

        public int LocalEndpoints { get; set; }

        public void Start()
        {
            listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://*:{port}/"));
            listener.Start();
            _ = Task.Run(ServeAsync);
        }

        public void Dispose() => listener.Close();

        private async Task ServeAsync()
        {
            while (listener.IsListening)
            {
                try
                {
                    await AnswerAsync(await listener.GetContextAsync());
                }
                catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
                {
                    // The port was closed, or the client went away.
                }
            }
        }

        private async Task AnswerAsync(HttpListenerContext context)
        {
            var count = LocalEndpoints;
            var body = JsonSerializer.SerializeToUtf8Bytes(
                new { service = new { @namespace = name.Namespace, name = name.Name }, localEndpoints = count, serviceProxyHealthy = true });
            using var response = context.Response;
            response.StatusCode = count > 0 ? 200 : 503;
            response.ContentType = "application/json";
            response.Headers["X-Content-Type-Options"] = "nosniff";
            response.Headers["X-Load-Balancing-Endpoint-Weight"] = count.ToString(CultureInfo.InvariantCulture);
            response.ContentLength64 = body.Length;
            await response.OutputStream.WriteAsync(body);
        }
    }
}
