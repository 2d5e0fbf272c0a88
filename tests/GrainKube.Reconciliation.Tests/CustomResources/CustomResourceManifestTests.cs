using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using GrainKube.Reconciliation.CustomResources;
using k8s.Models;
using Xunit;

namespace GrainKube.Reconciliation.Tests.CustomResources;

public sealed class CustomResourceManifestTests
{
    private static readonly JsonObject Version = CustomResourceManifest.Of(typeof(Ship))["spec"]!["versions"]![0]!.AsObject();
    private static readonly JsonObject Spec = Version["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!.AsObject();

    [Fact]
    public void Names_come_from_the_attributes()
    {
        var manifest = CustomResourceManifest.Of(typeof(Ship));
        Assert.Equal("ships.sea.example.org", (string?)manifest["metadata"]!["name"]);
        Assert.Equal("Cluster", (string?)manifest["spec"]!["scope"]);
        Same("""{"kind":"Ship","listKind":"ShipList","plural":"ships","singular":"ship","shortNames":["sh"],"categories":[]}""", manifest["spec"]!["names"]);
    }

    [Theory]
    [InlineData("name", """{"type":"string","description":"What is painted on it.","pattern":"^[A-Z]","maxLength":20}""")]
    [InlineData("masts", """{"type":"integer","format":"int32","default":3,"minimum":1,"maximum":7}""")]
    [InlineData("rig", """{"type":"string","enum":["Brig","Schooner"]}""")]
    [InlineData("built", """{"type":"string","format":"date-time"}""")]
    [InlineData("cargo", """{"type":"object","additionalProperties":{"type":"integer","format":"int64"},"maxProperties":9}""")]
    [InlineData("door", """{"x-kubernetes-int-or-string":true}""")]
    [InlineData("papers", """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""")]
    [InlineData("crew", """
        {"type":"array","minItems":1,"items":{"type":"object","required":["rank"],
         "properties":{"rank":{"type":"string","enum":["mate","captain"]},"officers":{"type":"array","items":{"type":"object","x-kubernetes-preserve-unknown-fields":true}} },
         "x-kubernetes-validations":[{"rule":"self.rank != ''","message":"everybody has a rank"}]} }
        """)]
    public void A_property_is_a_member_of_the_schema(string member, string schema) => Same(schema, Spec["properties"]![member]);

    [Fact]
    public void Only_what_is_required_is_required() => Same("""["crew"]""", Spec["required"]);

    [Fact]
    public void What_is_ignored_is_no_member() => Assert.False(Spec["properties"]!.AsObject().ContainsKey("secret"));

    [Fact]
    public void Marked_members_are_columns() => Same(
        """
        [{"name":"Masts","type":"integer","jsonPath":".spec.masts","priority":0},{"name":"Afloat","type":"boolean","jsonPath":".status.afloat","priority":1},
         {"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}]
        """,
        Version["additionalPrinterColumns"]);

    [Fact]
    public void A_model_without_names_is_a_mistake() => Assert.Throws<ArgumentException>(() => CustomResourceManifest.Of(typeof(Nameless)));

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nactual {actual?.ToJsonString()}");

    private enum Rig
    {
        Brig,
        Schooner,
    }

    [KubernetesEntity(Group = "sea.example.org", ApiVersion = "v1", Kind = "Ship", PluralName = "ships")]
    [CustomResourceNames(ShortNames = ["sh"], IsClusterScoped = true)]
    private sealed class Ship : CustomResource<ShipSpec, ShipStatus>;

    private sealed class Nameless : CustomResource<ShipSpec, ShipStatus>;

    private sealed class ShipSpec
    {
        [Description("What is painted on it."), RegularExpression("^[A-Z]"), MaxLength(20)]
        public string? Name { get; set; }

        [DefaultValue(3), Range(1, 7), Column("Masts")]
        public int Masts { get; set; }

        public Rig Rig { get; set; }

        public DateTime? Built { get; set; }

        [MaxLength(9)]
        public Dictionary<string, long>? Cargo { get; set; }

        public IntOrString? Door { get; set; }

        public JsonObject? Papers { get; set; }

        [MinLength(1), Required]
        public List<Sailor> Crew { get; set; } = [];

        [System.Text.Json.Serialization.JsonIgnore]
        public string? Secret { get; set; }
    }

    [Rule("self.rank != ''", "everybody has a rank")]
    private sealed class Sailor
    {
        [AllowedValues("mate", "captain")]
        public required string Rank { get; set; }

        public List<Sailor>? Officers { get; set; }
    }

    private sealed class ShipStatus
    {
        [Column("Afloat", IsWide = true)]
        public bool Afloat { get; set; }
    }
}
