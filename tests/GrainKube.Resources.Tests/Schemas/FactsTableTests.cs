using System.Reflection;
using System.Text.Json.Serialization;
using GrainKube.Resources.Schemas;
using k8s.Models;
using Xunit;

namespace GrainKube.Resources.Tests.Schemas;

public sealed class FactsTableTests
{
    [Fact]
    public void Every_fact_is_about_a_field_that_its_model_has()
    {
        var stray =
            from model in FactsTable.ModelsByDefinition.Values
            let type = typeof(V1Pod).Assembly.GetType($"k8s.Models.{model}") ?? throw new InvalidOperationException($"no model {model}")
            let fields = type.GetProperties().Select(p => p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name).ToHashSet()
            from field in FactsTable.For(type).Fields.Keys
            where !fields.Contains(field) && field is not ("apiVersion" or "kind")
            select $"{model}.{field}";
        Assert.Empty(stray);
    }

    [Fact]
    public void A_fact_that_is_not_known_is_refused() => Assert.Throws<FormatException>(() => FieldFacts.Parse("name:colour=red"));

    [Fact]
    public void A_list_with_map_keys_has_no_other_type_than_map()
    {
        var fields = FactsTable.ModelsByDefinition.Values.SelectMany(m => FactsTable.For(typeof(V1Pod).Assembly.GetType($"k8s.Models.{m}")!).Fields);
        Assert.All(fields.Where(f => f.Value.MapKeys.Count > 0), f => Assert.Equal(ApiMachinery.Schemas.ListType.Map, f.Value.ListType));
    }
}
