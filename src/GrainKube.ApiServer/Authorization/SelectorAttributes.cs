using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Authorization;

/// <summary>The selectors of a request in the <c>resourceAttributes</c> of a review.</summary>
internal static class SelectorAttributes
{
    /// <summary>A selector that cannot be read is left out, as upstream has it: the request counts as one for everything, and will fail.</summary>
    public static void AddTo(JsonObject attributes, RequestInfo request)
    {
        Add(attributes, "fieldSelector", Read(() => FieldSelector.Parse(request.FieldSelector).Requirements.Select(r => Requirement(r.Field, r.Equal ? "In" : "NotIn", [r.Value]))));
        Add(attributes, "labelSelector", Read(() => LabelSelector.Parse(request.LabelSelector).Requirements.Where(r => r.Operator <= LabelOperator.DoesNotExist)
            .Select(r => Requirement(r.Key, r.Operator.ToString(), r.Values))));
    }

    private static void Add(JsonObject attributes, string name, JsonArray requirements)
    {
        if (requirements.Count > 0)
        {
            attributes[name] = new JsonObject { ["requirements"] = requirements };
        }
    }

    private static JsonArray Read(Func<IEnumerable<JsonObject>> requirements)
    {
        try
        {
            return [.. requirements()];
        }
        catch (ApiException)
        {
            return [];
        }
    }

    private static JsonObject Requirement(string key, string of, IReadOnlyList<string> values)
    {
        var requirement = new JsonObject { ["key"] = key, ["operator"] = of };
        if (values.Count > 0)
        {
            requirement["values"] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
        }

        return requirement;
    }
}
