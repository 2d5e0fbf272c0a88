using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Objects.Tests.World;

/// <summary>A namespaced kind with everything a kind can have: status, scale, generation, a second version, an operation, grace, finalizers of its own.</summary>
internal sealed class WidgetDefinition : ResourceDefinition
{
    public static readonly GroupResource Resource = new("test.dev", "widgets");

    public WidgetDefinition()
        : base(ResourceNames.InNamespace("test.dev", "v1", "widgets", "Widget", "wd"))
    {
        (HasStatus, HasGeneration) = (true, true);
        KeptByStatus = ["labels"];
        Scale = new ScaleMapping("spec.replicas", "status.replicas", "spec.selector");
        Defaults = new ColorDefault();
        Strategy = new Lingering();
        SelectableFields = new Dictionary<string, Func<KubeObject, string>> { ["spec.node"] = o => (string?)o.ToNode()["spec"]?["node"] ?? "" };
        Subresources =
        [
            new Subresource
            {
                Name = "binding",
                Group = "test.dev",
                Version = "v1",
                Kind = "WidgetBinding",
                Verbs = ["create"],
                BodySchema = TestSchemas.Object(("apiVersion", SchemaType.String), ("kind", SchemaType.String), ("metadata", SchemaType.Any), ("node", SchemaType.String)),
                AnswersStatus = true,
                Apply = (item, body, _) =>
                {
                    if (((string?)item["spec"]!["node"] ?? "").Length > 0)
                    {
                        throw ApiException.Conflict(Resource, "w", "already bound");
                    }

                    item["spec"]!["node"] = body["node"]!.DeepClone();
                },
            },
        ];
        Versions = [new ServedVersion("test.dev", "v1", Root), new ServedVersion("test.dev", "v1beta1", OldRoot) { FromStorage = ToOld, ToStorage = FromOld }];
    }

    public override IReadOnlyList<ServedVersion> Versions { get; }

    public override Type? Model => null;

    public override void Validate(JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings)
    {
        if ((string?)next["spec"]?["color"] == "plaid")
        {
            errors.At("spec").At("color").Invalid("plaid", "must be a color");
        }

        if ((string?)next["spec"]?["size"] == "huge")
        {
            warnings.Add("spec.size: huge is a lot");
        }
    }

    private static Schema Root() => TestSchemas.Kind(
        "v1.Widget",
        ("spec", TestSchemas.Object(
            ("color", SchemaType.String),
            ("size", SchemaType.String),
            ("node", SchemaType.String),
            ("replicas", SchemaType.Integer),
            ("linger", SchemaType.Boolean),
            ("grace", SchemaType.Integer),
            ("selector", SchemaType.Any))));

    private static Schema OldRoot() => TestSchemas.Kind("v1beta1.Widget", ("spec", TestSchemas.Object(("colour", SchemaType.String))));

    private static void ToOld(JsonObject item)
    {
        var spec = (JsonObject)item["spec"]!;
        spec["colour"] = spec["color"]?.DeepClone();
        spec.Remove("color");
    }

    private static void FromOld(JsonObject item)
    {
        if (item["spec"] is JsonObject spec)
        {
            spec["color"] = spec["colour"]?.DeepClone();
            spec.Remove("colour");
        }
    }

    private sealed class ColorDefault : IDefaults
    {
        public void Apply(JsonObject item)
        {
            if (item["spec"] is JsonObject spec)
            {
                spec["color"] ??= "blue";
            }
        }
    }

    private sealed class Lingering : IStrategy
    {
        public void PrepareForCreate(JsonObject item, WriteScope scope) => item["status"] = new JsonObject { ["phase"] = "New" };

        public long? GracePeriodSeconds(JsonObject current, long? requested) => requested ?? (long?)current["spec"]?["grace"] ?? 0;

        public bool MustLinger(JsonObject current) => (bool?)current["spec"]?["linger"] == true;
    }
}
