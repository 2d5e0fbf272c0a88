using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using Xunit;

namespace GrainKube.Resources.Tests;

public sealed class BuiltInResourcesTests
{
    public static TheoryData<string> Kinds => [.. BuiltInResources.All.Select(d => d.GroupResource.ToString())];

    [Fact]
    public void Names_are_unique_within_their_group()
    {
        var all = BuiltInResources.All;
        Assert.Distinct(all.Select(d => d.GroupResource));
        Assert.Distinct(all.Select(d => (d.Names.Group, d.Names.Kind)));
        Assert.Distinct(all.SelectMany(d => d.Names.ShortNames));
        Assert.Distinct(all.Select(d => d.Model));
    }

    [Fact]
    public void A_registry_finds_each_kind_by_path_kind_and_model()
    {
        var registry = new ResourceRegistry(BuiltInResources.All);
        Assert.True(registry.TryFindServed("events.k8s.io", "v1", "events", out var events, out var served));
        Assert.Same(registry.Find(new GroupResource("", "events")), events);
        Assert.NotNull(served.ToStorage);
        Assert.True(registry.TryFindServed("autoscaling", "v1", "horizontalpodautoscalers", out _, out _));
        Assert.All(BuiltInResources.All, d => Assert.Same(d, registry.Find(d.Model!)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Schema_describes_an_object_of_the_kind(string resource)
    {
        var definition = Definition(resource);
        Assert.All(definition.Versions, version =>
        {
            Assert.Equal(SchemaType.Object, version.Schema.Type);
            Assert.EndsWith("." + definition.Names.Kind, version.Schema.DefinitionName, StringComparison.Ordinal);
            Assert.Equal(SchemaType.String, version.Schema.Properties["apiVersion"].Type);
        });
        Assert.Equal(definition.HasStatus, definition.IsStored && definition.Schema.Properties.ContainsKey("status"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_object_with_nothing_in_it_has_a_cell_for_each_heading(string resource)
    {
        var definition = Definition(resource);
        var item = Sample.Of(definition);
        Assert.Equal(definition.Columns.Columns.Count, definition.Columns.Cells(item, Sample.Now).Count);
        Assert.All(definition.Columns.Cells(item, Sample.Now), cell => Assert.True(cell is null or string or long or int or bool, $"{cell}"));
        Assert.Contains(definition.Columns.Columns, c => c.Format == "name");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Selectable_fields_of_an_empty_object_are_read_without_failing(string resource)
    {
        var definition = Definition(resource);
        Assert.All(definition.SelectableFields.Values, read => Assert.NotNull(read(Sample.Of(definition))));
    }

    private static ResourceDefinition Definition(string resource) => BuiltInResources.All.Single(d => d.GroupResource.ToString() == resource);
}
