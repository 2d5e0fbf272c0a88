using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Tests.Schemas;

/// <summary>A schema in the shape of a small Pod.</summary>
internal static class PodSchema
{
    public static DecodeTarget Target { get; } = new("", "v1", "Pod");

    private static Schema Text => new() { Type = SchemaType.String };
    private static Schema TextMap => new() { Type = SchemaType.Object, AdditionalProperties = Text };
    private static Schema Quantities => new()
    {
        Type = SchemaType.Object, GoType = "v1.ResourceList", AdditionalProperties = new Schema { Type = SchemaType.String, Format = "quantity" },
    };

    public static Schema Value { get; } = Struct(
        "v1.Pod",
        ("apiVersion", Text),
        ("kind", Text),
        ("metadata", Struct(
            "v1.ObjectMeta",
            ("name", Text),
            ("creationTimestamp", new Schema { Type = SchemaType.String, Format = "date-time" }),
            ("labels", TextMap),
            ("finalizers", new Schema { Type = SchemaType.Array, Items = Text, PatchStrategy = "merge" }))),
        ("spec", Struct(
            "v1.PodSpec",
            ("nodeSelector", TextMap),
            ("restartPolicy", new Schema { Type = SchemaType.String, Default = JsonValue.Create("Always") }),
            ("activeDeadlineSeconds", new Schema { Type = SchemaType.Integer, Format = "int64" }),
            ("hostNetwork", new Schema { Type = SchemaType.Boolean }),
            ("strategy", new Schema
            {
                Type = SchemaType.Object,
                GoType = "v1.Strategy",
                PatchStrategy = "retainKeys",
                Properties = new Dictionary<string, Schema> { ["type"] = Text, ["rollingUpdate"] = Struct("v1.RollingUpdate", ("maxSurge", Text)) },
            }),
            ("containers", new Schema { Type = SchemaType.Array, PatchStrategy = "merge", PatchMergeKey = "name", Items = Container() }),
            ("tolerations", new Schema { Type = SchemaType.Array, Items = Struct("v1.Toleration", ("key", Text)) }))),
        ("renewed", new Schema { Type = SchemaType.String, Format = "micro-time" }),
        ("data", new Schema { Type = SchemaType.Object, AdditionalProperties = new Schema { Type = SchemaType.String, Format = "byte" } }),
        ("raw", new Schema { Type = SchemaType.Any }));

    private static Schema Container() => Struct(
        "v1.Container",
        ("name", Text),
        ("image", Text),
        ("args", new Schema { Type = SchemaType.Array, Items = Text }),
        ("stdin", new Schema { Type = SchemaType.Boolean }),
        ("policy", new Schema { Type = SchemaType.String, Default = JsonValue.Create("File") }),
        ("port", new Schema { Type = SchemaType.IntOrString }),
        ("requests", Quantities),
        ("ports", new Schema
        {
            Type = SchemaType.Array,
            PatchStrategy = "merge",
            PatchMergeKey = "containerPort",
            Items = Struct("v1.ContainerPort", ("containerPort", new Schema { Type = SchemaType.Integer, Format = "int32" }), ("name", Text)),
        }));

    private static Schema Struct(string goType, params (string Name, Schema Schema)[] fields) => new()
    {
        Type = SchemaType.Object, GoType = goType, Properties = fields.ToDictionary(f => f.Name, f => f.Schema),
    };
}
