using GrainKube.ApiMachinery.Schemas;
using GrainKube.Resources.Protobuf;
using Xunit;

namespace GrainKube.Resources.Tests.Protobuf;

/// <summary>What can be said of a kind in JSON can be said in protobuf.</summary>
public sealed class WireTableTests
{
    // Fields whose numbers were not published when the table was made.
    private static readonly string[] Unnumbered = ["derivedAttributes", "runningInUserNamespace"];

    public static TheoryData<string> Kinds => [.. BuiltInResources.All.Where(d => d.Names.Group != "metrics.k8s.io").Select(d => d.GroupResource.ToString())];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_field_of_a_kind_has_a_number(string resource)
    {
        var definition = Written.Definition(resource);
        var missing = new List<string>();
        foreach (var version in definition.Versions)
        {
            var message = WireTable.Find(version.ApiVersion, definition.Names.Kind);
            Assert.NotNull(message);
            Compare(version.Schema, message, version.ApiVersion, [], missing);
        }

        Assert.Empty(missing);
    }

    private static void Compare(Schema schema, WireMessage message, string path, HashSet<(object, string)> seen, List<string> missing)
    {
        if (!seen.Add((schema.Properties, message.Name)))
        {
            return;
        }

        var fields = Fields(message).ToLookup(f => f.Name.ToString());
        foreach (var (name, child) in schema.Properties)
        {
            if ((name is "apiVersion" or "kind" && message.IsKind) || Unnumbered.Contains(name))
            {
                continue;
            }

            var found = fields[name].FirstOrDefault();
            if (found is null)
            {
                missing.Add($"{path}.{name}");
            }
            else if (found.Message is { IsUnion: false } inner && (child.Items ?? child.AdditionalProperties ?? child) is { Properties.Count: > 0 } value)
            {
                Compare(value, inner, $"{path}.{name}", seen, missing);
            }
        }
    }

    private static IEnumerable<WireField> Fields(WireMessage message) =>
        message.Fields.SelectMany(f => f is { Inline: true, Message: { } inner } ? Fields(inner) : [f]);
}
