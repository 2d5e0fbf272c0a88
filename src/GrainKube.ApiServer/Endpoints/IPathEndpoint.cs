using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Answers GET on paths that name no resource: discovery, health, version, OpenAPI. Other projects may register more.</summary>
public interface IPathEndpoint
{
    /// <summary>The paths as the root document lists them.</summary>
    IEnumerable<string> Paths { get; }

    bool Serves(string path);

    Task GetAsync(HttpContext context, string path);
}
