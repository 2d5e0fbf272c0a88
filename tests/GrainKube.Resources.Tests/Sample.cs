using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Resources.Tests;

/// <summary>Objects as they would lie in a cache.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An object of a kind, five minutes old, with more members given as JSON.</summary>
    public static KubeObject Of(ResourceDefinition definition, string more = "{}")
    {
        var names = definition.Names;
        var json = JsonNode.Parse(more)!.AsObject();
        json["apiVersion"] = names.ApiVersion;
        json["kind"] = names.Kind;
        var metadata = json["metadata"] as JsonObject ?? [];
        json["metadata"] = metadata;
        metadata["name"] = "one";
        metadata["creationTimestamp"] = "2026-05-04T11:55:00Z";
        var header = new ObjectHeader
        {
            ApiVersion = names.ApiVersion,
            Kind = names.Kind,
            Name = "one",
            Namespace = names.Namespaced ? "default" : "",
            Uid = "7",
            Revision = 3,
            CreationTimestamp = Now.AddMinutes(-5),
        };
        return new KubeObject(new ObjectKey(names.Group, names.Plural, header.Namespace, "one"), header, Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    public static KubeObject Of(string resource, string more = "{}") =>
        Of(BuiltInResources.All.Single(d => d.GroupResource.ToString() == resource), more);

    /// <summary>The cells of an object, joined by a bar.</summary>
    public static string Row(string resource, string more = "{}")
    {
        var definition = BuiltInResources.All.Single(d => d.GroupResource.ToString() == resource);
        return string.Join(" | ", definition.Columns.Cells(Of(definition, more), Now));
    }
}
