using Microsoft.Extensions.Options;

namespace GrainKube.Docker.Hosting;

internal sealed class DockerOptionsValidator : IValidateOptions<DockerOptions>
{
    private static readonly string[] Schemes = ["unix", "http", "https", "tcp"];

    public ValidateOptionsResult Validate(string? name, DockerOptions options)
    {
        var errors = new List<string>();
        if (options.Node.Length == 0)
        {
            errors.Add("Docker: Node must be set to the node's name.");
        }

        if (!Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var endpoint) || !Schemes.Contains(endpoint.Scheme))
        {
            errors.Add($"Docker: Endpoint \"{options.Endpoint}\" must be a unix://, http://, https:// or tcp:// address.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
