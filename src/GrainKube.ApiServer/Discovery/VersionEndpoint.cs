using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Discovery;

/// <summary>GET of <c>/version</c>: the version of the API that is served, with ours behind the plus.</summary>
internal sealed class VersionEndpoint : IPathEndpoint
{
    private const string Served = "v1.37.0";

    // The build puts it behind the version: 1.0.0+COMMIT. Clients expect hexadecimal digits, and one at least.
    private static readonly string Commit =
        typeof(VersionEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, { Length: > 0 } commit] ? commit : "0";

    private static readonly byte[] Answer = JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["major"] = "1",
            ["minor"] = "37",
            ["gitVersion"] = $"{Served}+grainkube{typeof(VersionEndpoint).Assembly.GetName().Version!.ToString(3)}",
            ["gitCommit"] = Commit,
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "",
            ["compiler"] = RuntimeInformation.FrameworkDescription,
            ["platform"] = $"linux/{(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "amd64" : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant())}",
        },
        new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public IEnumerable<string> Paths => ["/version"];

    public bool Serves(string path) => path is "/version" or "/version/";

    public Task GetAsync(HttpContext context, string path) => Responses.JsonAsync(context, 200, Answer);
}
