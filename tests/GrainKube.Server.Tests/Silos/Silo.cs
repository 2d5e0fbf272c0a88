using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Hosting;
using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Silos;

/// <summary>One <c>grainkube server</c> of a cluster of several, with its supervisor; the API seen through its gateway.</summary>
internal sealed class Silo(string name, string directory, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments) : IAsyncDisposable
{
    private readonly int port = LoopbackPorts.Next();
    private GrainkubeProcess? process;
    private HttpClient? http;

    public string Name => name;

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"));

    public string Kubeconfig => Path.Combine(directory, name, "admin.kubeconfig");

    public GrainkubeProcess Process => process!;

    public HttpClient Http => http ??= AdminClient.For(Kubeconfig, Address);

    /// <summary>The process that is the silo: the child of the one that was started.</summary>
    public int? Child => Signals.ChildrenOf(Process.Id) is [var child, ..] ? child : null;

    public void Start() => process = GrainkubeProcess.Start(
        environment, ["server", "--data-dir", Path.Combine(directory, name), "--port", port.ToString(CultureInfo.InvariantCulture), "--node-name", name, "--ingress-http-port", "0", "--ingress-https-port", "0", .. arguments]);

    /// <summary>Waits until its gateway and its node are ready.</summary>
    public async Task ReadyAsync()
    {
        await Eventually.TrueAsync(IsServingAsync, $"{name} serves");
        await Eventually.TrueAsync(async () => await IsNodeReadyAsync(name), $"node {name} is Ready");
    }

    /// <summary>SIGKILL to the process that was started; the silo goes with it.</summary>
    public void Kill() => Signals.Send(Process.Id, Signals.Kill);

    public async Task RestartAsync()
    {
        await process!.DisposeAsync();
        Start();
        await ReadyAsync();
    }

    public async Task<bool> IsNodeReadyAsync(string node) =>
        (await GetAsync($"/api/v1/nodes/{node}"))?["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True") == true;

    /// <summary>The answer's JSON, or null where it is no success.</summary>
    public async Task<JsonNode?> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri(path, UriKind.Relative));
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
    }

    public async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, JsonNode? body, string type = "application/json", string? traceParent = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, type);
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }

        using var answer = await Http.SendAsync(request);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (process is not null)
        {
            await process.DisposeAsync();
        }
    }

    private async Task<bool> IsServingAsync()
    {
        Assert.False(Process.HasExited, Process.Log);
        if (!File.Exists(Kubeconfig))
        {
            return false;
        }

        try
        {
            using var answer = await Http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
