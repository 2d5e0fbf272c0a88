using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Puts a status under a question, in upstream's order of members.</summary>
internal static class Answers
{
    public static JsonObject With(JsonObject question, string apiVersion, string kind, JsonObject status)
    {
        var metadata = question["metadata"]?.DeepClone() as JsonObject ?? [];
        if (!metadata.ContainsKey("creationTimestamp"))
        {
            metadata["creationTimestamp"] = null;
        }

        return new JsonObject
        {
            ["kind"] = kind,
            ["apiVersion"] = apiVersion,
            ["metadata"] = metadata,
            ["spec"] = question["spec"]?.DeepClone() ?? new JsonObject(),
            ["status"] = status,
        };
    }
}
