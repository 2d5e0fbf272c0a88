using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Puts a status under a question, in upstream's order of members.</summary>
internal static class Answers
{
    public static JsonObject With(JsonObject question, string apiVersion, string kind, JsonObject status) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = apiVersion,
        ["metadata"] = question["metadata"]?.DeepClone() ?? new JsonObject(),
        ["spec"] = question["spec"]?.DeepClone() ?? new JsonObject(),
        ["status"] = status,
    };
}
