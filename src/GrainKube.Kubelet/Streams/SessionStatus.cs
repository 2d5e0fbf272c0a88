using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.Kubelet.Streams;

/// <summary>The last frame of a session: how the command ended, as a Status in upstream's short form.</summary>
internal static class SessionStatus
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Success { get; } = """{"metadata":{},"status":"Success"}"""u8.ToArray();

    public static byte[] OfExit(int? code)
    {
        if (code is null or 0)
        {
            return Success;
        }

        var number = code.Value.ToString(CultureInfo.InvariantCulture);
        return Bytes(new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"command terminated with non-zero exit code: exit status {number}",
            ["reason"] = "NonZeroExitCode",
            ["details"] = new JsonObject { ["causes"] = new JsonArray { new JsonObject { ["reason"] = "ExitCode", ["message"] = number } } },
        });
    }

    public static byte[] OfFailure(string message) => Bytes(new JsonObject
    {
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = $"Internal error occurred: {message}",
        ["reason"] = "InternalError",
        ["details"] = new JsonObject { ["causes"] = new JsonArray { new JsonObject { ["message"] = message } } },
        ["code"] = 500,
    });

    private static byte[] Bytes(JsonObject status) => Encoding.UTF8.GetBytes(status.ToJsonString(Relaxed));
}
