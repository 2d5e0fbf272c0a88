using System.Text.Json.Nodes;
using CsCheck;
using GrainKube.ApiMachinery.ManagedFields;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Tests.ManagedFields;

public sealed class FieldOwnershipTests
{
    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly FieldManager Alice = new("alice", false, "v1", "");
    private static readonly FieldManager Bob = new("bob", false, "v1", "");
    private static readonly Schema Text = new() { Type = SchemaType.String };

    private static readonly Schema Part = new()
    {
        Type = SchemaType.Object,
        Properties = new Dictionary<string, Schema>
        {
            ["name"] = Text,
            ["image"] = Text,
            ["labels"] = new Schema { Type = SchemaType.Object, AdditionalProperties = Text },
            ["args"] = new Schema { Type = SchemaType.Array, Items = Text, ListType = ListType.Set },
        },
    };

    private static readonly Schema Parts = new() { Type = SchemaType.Array, Items = Part, ListType = ListType.Map, ListMapKeys = ["name"] };

    private static readonly Schema Root = new()
    {
        Type = SchemaType.Object,
        Properties = new Dictionary<string, Schema>
        {
            ["apiVersion"] = Text,
            ["kind"] = Text,
            ["metadata"] = new Schema
            {
                Type = SchemaType.Object,
                Properties = new Dictionary<string, Schema>
                {
                    ["name"] = Text, ["labels"] = new Schema { Type = SchemaType.Object, AdditionalProperties = Text }, ["managedFields"] = new Schema { Type = SchemaType.Array, Items = new Schema { Type = SchemaType.Any } },
                },
            },
            ["spec"] = new Schema { Type = SchemaType.Object, Properties = new Dictionary<string, Schema> { ["replicas"] = Text, ["parts"] = Parts } },
            ["status"] = new Schema { Type = SchemaType.Object, Properties = new Dictionary<string, Schema> { ["phase"] = Text, ["parts"] = Parts } },
        },
    };

    private static readonly string[] Words = ["a", "b", "c", "d\"e", "ü"];

    private static readonly Gen<string> Word = Gen.Int[0, 4].Select(i => Words[i]);

    private static readonly Gen<JsonObject> Map = Gen.Select(Word, Word).Array[0, 3].Select(pairs => new JsonObject(pairs.DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create(p.Item1, (JsonNode?)p.Item2))));

    private static readonly Gen<JsonArray> List = Gen.Select(Word, Word, Map, Word.Array[0, 3]).Array[0, 4].Select(parts => new JsonArray(
    [
        .. parts.DistinctBy(p => p.Item1).Select(p => new JsonObject
        {
            ["name"] = p.Item1, ["image"] = p.Item2, ["labels"] = p.Item3.DeepClone(), ["args"] = new JsonArray([.. p.Item4.Distinct().Select(a => (JsonNode)a)]),
        }),
    ]));

    private static readonly Gen<JsonObject> Thing = Gen.Select(Word, List, List, Map, (word, parts, seen, labels) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Thing",
        ["metadata"] = new JsonObject { ["name"] = "x", ["labels"] = labels.DeepClone() },
        ["spec"] = new JsonObject { ["replicas"] = word, ["parts"] = parts.DeepClone() },
        ["status"] = new JsonObject { ["phase"] = word, ["parts"] = seen.DeepClone() },
    });

    [Fact]
    public void What_is_owned_after_updates_does_not_depend_on_how_the_list_is_written() =>
        Gen.Select(Thing, Thing, Thing).Sample((first, second, third) =>
        {
            var (one, two, three) = (Stored(first, Rules().AfterCreate(first, Alice)), (JsonObject)second.DeepClone(), (JsonObject)third.DeepClone());
            two = Stored(two, Rules().AfterUpdate(one, two, null, Bob));
            var kept = Rules().AfterUpdate(two, three, null, Alice);
            var rewritten = Rules().AfterUpdate(two, three, Reordered(two), Alice);

            Assert.True(JsonNode.DeepEquals(rewritten, kept), $"{rewritten?.ToJsonString()}\n{kept?.ToJsonString()}");
        });

    [Fact]
    public void Who_sends_back_the_list_as_it_is_stored_changes_nothing_by_that() =>
        Gen.Select(Thing, Thing).Sample((first, second) =>
        {
            var one = Stored(first, Rules().AfterCreate(first, Alice));
            var silent = Rules().AfterUpdate(one, second, null, Bob);
            var sent = Rules().AfterUpdate(one, second, ((JsonObject)one["metadata"]!)["managedFields"]!.DeepClone(), Bob);

            Assert.True(JsonNode.DeepEquals(silent, sent));
        });

    [Fact]
    public void A_write_to_the_status_takes_nothing_from_the_owners_of_the_spec() =>
        Gen.Select(Thing, Thing).Sample((first, second) =>
        {
            var one = Stored(first, Rules("status").AfterCreate(first, Alice));
            var two = (JsonObject)one.DeepClone();
            two["status"] = second["status"]!.DeepClone();
            var after = Rules("spec", "apiVersion", "kind").AfterUpdate(one, two, null, Bob)!;

            var before = (JsonArray)one["metadata"]!["managedFields"]!;
            Assert.Contains(after, entry => JsonNode.DeepEquals(entry, before[0]));
            Assert.All(after, entry => Assert.True((string?)entry!["manager"] == "alice" || ((JsonObject)entry["fieldsV1"]!).Single().Key == "f:status"));
        });

    [Fact]
    public void What_is_changed_is_taken_from_who_had_it()
    {
        var one = Parse("""{"spec":{"replicas":"1","parts":[{"name":"a","image":"x"},{"name":"b","image":"y"}]}}""");
        one = Stored(one, Rules().AfterCreate(one, Alice));
        var two = Parse("""{"spec":{"replicas":"1","parts":[{"name":"a","image":"z"}]}}""");

        var after = Rules().AfterUpdate(one, two, null, Bob)!;

        Assert.Equal("""{"f:spec":{"f:parts":{".":{},"k:{\"name\":\"a\"}":{".":{},"f:name":{}}},"f:replicas":{}}}""", FieldsOf(after, "alice"));
        Assert.Equal("""{"f:spec":{"f:parts":{"k:{\"name\":\"a\"}":{"f:image":{}}}}}""", FieldsOf(after, "bob"));
    }

    [Fact]
    public void A_list_that_cannot_be_read_counts_as_empty()
    {
        var one = Parse("""{"metadata":{"managedFields":[{"manager":"a","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"odd":{}}}}]},"spec":{"replicas":"1"}}""");
        Assert.Null(Rules().AfterUpdate(one, Parse("""{"spec":{"replicas":"2"}}"""), null, Bob));
        Assert.Equal("error decoding set: unable to parse path element 'odd'", FieldOwnership.ComplaintOf(one["metadata"]!["managedFields"]));
    }

    private static FieldOwnership Rules(params string[] ignored) => new(Root, ignored, Then);

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static string FieldsOf(JsonArray managers, string name) =>
        managers.Single(m => (string?)m!["manager"] == name)!["fieldsV1"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>As it comes back from the store.</summary>
    private static JsonObject Stored(JsonObject item, JsonArray? managers)
    {
        var stored = (JsonObject)item.DeepClone();
        if (stored["metadata"] is not JsonObject metadata)
        {
            stored["metadata"] = metadata = [];
        }

        metadata["managedFields"] = managers?.DeepClone();
        return Parse(stored.ToJsonString());
    }

    private static JsonArray? Reordered(JsonObject item) => item["metadata"]!["managedFields"] is not JsonArray list ? null : new JsonArray(
    [
        .. list.Select(e => new JsonObject(((JsonObject)e!).Reverse().Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())))),
    ]);
}
