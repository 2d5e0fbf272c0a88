using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Engine;

/// <summary>Turns what the client library throws into <see cref="RuntimeException"/> with the engine's own words.</summary>
internal static class EngineErrors
{
    /// <summary>The error for the caller, or null where the exception is not the engine's doing.</summary>
    public static RuntimeException? Translate(Exception exception, string endpoint, CancellationToken cancel) => exception switch
    {
        DockerApiException api => FromApi(api),
        HttpRequestException or SocketException or IOException => Unreachable(endpoint, exception),
        // The library's own timeout: the caller did not ask to stop.
        OperationCanceledException or TimeoutException when !cancel.IsCancellationRequested =>
            new RuntimeException(RuntimeError.Unavailable, $"The container engine at {endpoint} did not answer in time.", exception),
        _ => null,
    };

    /// <summary>The sentence inside the engine's answer.</summary>
    public static string MessageOf(DockerApiException exception)
    {
        var body = exception.ResponseBody?.Trim() ?? "";
        if (body.StartsWith('{'))
        {
            try
            {
                using var parsed = JsonDocument.Parse(body);
                if (parsed.RootElement.TryGetProperty("message", out var message) && message.GetString() is { Length: > 0 } text)
                {
                    return text.Trim();
                }
            }
            catch (JsonException)
            {
                return body;
            }
        }

        return body.Length > 0 ? body : $"the engine answered {(int)exception.StatusCode}";
    }

    private static RuntimeException FromApi(DockerApiException exception)
    {
        var message = MessageOf(exception);
        var error = exception.StatusCode == HttpStatusCode.NotFound ? RuntimeError.NotFound
            : IsPortInUse(message) ? RuntimeError.PortInUse
            : RuntimeError.Other;
        return new RuntimeException(error, message, exception);
    }

    /// <summary>Somebody made the container before: its name is taken.</summary>
    public static bool IsNameTaken(RuntimeException exception) => exception.Message.Contains("is already in use by container", StringComparison.Ordinal);

    /// <summary>The image that a container was to be made from is not there.</summary>
    public static bool IsImageMissing(RuntimeException exception) =>
        exception.Error == RuntimeError.NotFound && exception.Message.Contains("o such image", StringComparison.Ordinal);

    private static bool IsPortInUse(string message) =>
        message.Contains("port is already allocated", StringComparison.Ordinal) ||
        message.Contains("bind: address already in use", StringComparison.Ordinal);

    private static RuntimeException Unreachable(string endpoint, Exception exception)
    {
        var cause = exception.GetBaseException().Message.TrimEnd('.');
        return new RuntimeException(RuntimeError.Unavailable, $"Cannot reach the container engine at {endpoint}: {cause}.", exception);
    }
}
