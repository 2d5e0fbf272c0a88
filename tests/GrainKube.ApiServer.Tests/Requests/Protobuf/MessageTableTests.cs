using GrainKube.ApiServer.Requests.Protobuf;
using GrainKube.Resources;
using GrainKube.ApiMachinery.Schemas;
using Xunit;

namespace GrainKube.ApiServer.Tests.Requests.Protobuf;

public sealed class MessageTableTests
{
    /// <summary>Fields that the models have and the definitions at hand do not yet number. No client sends them; the list may only shrink.</summary>
    private static readonly string[] Unknown =
    [
        "io.k8s.api.core.v1.NodeSystemInfo.runningInUserNamespace has no number",
        "io.k8s.api.resource.v1.DeviceCounterConsumption.compatibilityGroups has no number",
        "io.k8s.api.resource.v1.DeviceSubRequest.derivedAttributes has no number",
        "io.k8s.api.resource.v1.ExactDeviceRequest.derivedAttributes has no number",
    ];

    [Fact]
    public void Every_field_on_the_wire_is_a_field_of_the_kind_and_the_other_way_round()
    {
        var problems = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>();
        foreach (var version in BuiltInResources.All.SelectMany(d => d.Versions))
        {
            if (version.Schema.DefinitionName is { } name && MessageTable.All.ContainsKey(name))
            {
                Compare(name, version.Schema);
            }
        }

        Assert.True(seen.Count > 400, $"only {seen.Count} messages were reached");
        Assert.Equal(Unknown, problems, StringComparer.Ordinal);

        void Compare(string message, Schema schema)
        {
            if (!seen.Add(message))
            {
                return;
            }

            var names = new HashSet<string>();
            Fields(message, schema, names);
            problems.UnionWith(schema.Properties.Keys.Where(p => !names.Contains(p) && p is not ("apiVersion" or "kind")).Select(p => $"{message}.{p} has no number"));
        }

        void Fields(string message, Schema schema, HashSet<string> names)
        {
            if (!MessageTable.All.TryGetValue(message, out var fields))
            {
                problems.Add($"{message} is missing");
                return;
            }

            foreach (var (_, field) in fields)
            {
                if (field.Shape == MessageField.Shapes.Inline)
                {
                    Fields(field.Type, schema, names);
                    continue;
                }

                names.Add(field.Name);
                if (!schema.Properties.TryGetValue(field.Name, out var property))
                {
                    problems.Add($"{message}.{field.Name} is no field");
                    continue;
                }

                var inner = field.Shape switch { MessageField.Shapes.Repeated => property.Items, MessageField.Shapes.Map => property.AdditionalProperties, _ => property };
                if (inner is null)
                {
                    problems.Add($"{message}.{field.Name} has another shape");
                }
                else if (!field.IsScalar && !field.Type.StartsWith('['))
                {
                    Compare(field.Type, inner);
                }
            }
        }
    }
}
