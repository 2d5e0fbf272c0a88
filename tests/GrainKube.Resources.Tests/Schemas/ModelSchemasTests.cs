using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Resources.Schemas;
using k8s.Models;
using Xunit;

namespace GrainKube.Resources.Tests.Schemas;

public sealed class ModelSchemasTests
{
    [Fact]
    public void A_list_of_containers_knows_how_it_is_merged()
    {
        var containers = At<V1Pod>("spec", "containers");
        Assert.Equal(SchemaType.Array, containers.Type);
        Assert.Equal(ListType.Map, containers.ListType);
        Assert.Equal(["name"], containers.ListMapKeys);
        Assert.Equal(("name", "merge"), (containers.PatchMergeKey, containers.PatchStrategy));
        Assert.Equal("io.k8s.api.core.v1.Container", containers.Items!.DefinitionName);
        Assert.Equal("v1.Container", containers.Items.GoType);
        Assert.Equal(["name"], containers.Items.Required);
        Assert.Equal(["containerPort", "protocol"], containers.Items.Properties["ports"].ListMapKeys);
    }

    [Theory]
    [InlineData("terminationGracePeriodSeconds", SchemaType.Integer, "int64")]
    [InlineData("priority", SchemaType.Integer, "int32")]
    [InlineData("hostNetwork", SchemaType.Boolean, null)]
    [InlineData("nodeName", SchemaType.String, null)]
    public void Scalars_have_the_formats_of_their_Go_types(string field, SchemaType type, string? format)
    {
        var schema = At<V1Pod>("spec", field);
        Assert.Equal((type, format), (schema.Type, schema.Format));
    }

    [Fact]
    public void Times_with_fractions_are_told_from_those_without()
    {
        Assert.Equal("micro-time", At<V1Lease>("spec", "renewTime").Format);
        Assert.Equal("micro-time", At<Corev1Event>("eventTime").Format);
        Assert.Equal("date-time", At<Corev1Event>("lastTimestamp").Format);
        Assert.EndsWith("v1.MicroTime", At<V1Lease>("spec", "acquireTime").DefinitionName, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_or_texts_quantities_and_bytes_are_recognised()
    {
        Assert.Equal(SchemaType.IntOrString, At<V1Service>("spec", "ports").Items!.Properties["targetPort"].Type);
        Assert.Equal("quantity", At<V1Pod>("spec", "containers").Items!.Properties["resources"].Properties["limits"].AdditionalProperties!.Format);
        Assert.Equal("byte", At<V1Secret>("data").AdditionalProperties!.Format);
    }

    [Theory]
    [InlineData("restartPolicy", "v1.RestartPolicy")]
    [InlineData("nodeName", "string")]
    [InlineData("nodeSelector", "map[string]string")]
    [InlineData("containers", "[]v1.Container")]
    [InlineData("affinity", "v1.Affinity")]
    public void Fields_know_the_Go_type_that_error_texts_name(string field, string go) => Assert.Equal(go, At<V1Pod>("spec", field).GoType);

    [Fact]
    public void Constants_and_what_Go_always_writes_are_defaults()
    {
        var port = At<V1Service>("spec", "ports").Items!;
        Assert.Equal("TCP", port.Properties["protocol"].Default!.GetValue<string>());
        Assert.Equal("{}", At<V1Deployment>("status").Default!.ToJsonString());
        Assert.Equal("0", At<V1ReplicaSet>("status", "replicas").Default!.ToJsonString());
        Assert.Null(At<V1Deployment>("metadata").Default);
        Assert.Null(At<V1Deployment>("spec", "replicas").Default);
    }

    [Fact]
    public void Maps_and_structs_that_are_owned_as_one_say_so()
    {
        Assert.True(At<V1Pod>("spec", "nodeSelector").AtomicMap);
        Assert.True(At<V1Deployment>("spec", "selector").AtomicMap);
        Assert.False(At<V1Pod>("metadata", "labels").AtomicMap);
    }

    [Fact]
    public void A_schema_that_contains_itself_is_built()
    {
        var schema = At<V1CustomResourceDefinition>("spec", "versions").Items!.Properties["schema"].Properties["openAPIV3Schema"];
        Assert.Same(schema.Properties, schema.Properties["properties"].AdditionalProperties!.Properties);
        Assert.Equal(SchemaType.Any, schema.Properties["default"].Type);
    }

    [Fact]
    public void Fields_of_any_shape_keep_what_they_hold()
    {
        Assert.True(At<V1ControllerRevision>("data").PreserveUnknownFields);
        Assert.Equal(SchemaType.Object, At<V1ControllerRevision>("data").Type);
        Assert.True(At<V1Pod>("metadata", "managedFields").Items!.Properties["fieldsV1"].PreserveUnknownFields);
    }

    [Fact]
    public void Types_and_fields_are_documented()
    {
        Assert.Equal("PodSpec is a description of a pod.", ModelSchemas.For<V1PodSpec>().Description);
        Assert.Equal("PodSpec is a description of a pod.", ModelSchemas.DescriptionOf("io.k8s.api.core.v1.PodSpec"));
        Assert.Null(ModelSchemas.DescriptionOf("com.example.v1.Widget"));
        Assert.StartsWith("List of containers belonging to the pod.", At<V1Pod>("spec", "containers").Description, StringComparison.Ordinal);
        Assert.Null(At<V1Pod>("spec", "containers").Items!.Properties["args"].Items!.Description);
    }

    [Fact]
    public void What_is_put_in_where_nothing_is_set_can_be_read_as_a_model()
    {
        var read = typeof(TypedView).GetMethod(nameof(TypedView.Of), [typeof(JsonObject)])!;
        foreach (var model in FactsTable.ModelsByDefinition.Values.Select(name => typeof(V1Pod).Assembly.GetType("k8s.Models." + name)).OfType<Type>().Where(m => m is { IsClass: true, IsAbstract: false }))
        {
            var item = new JsonObject();
            SchemaDefaults.Apply(item, ModelSchemas.For(model));
            Assert.IsType(model, read.MakeGenericMethod(model).Invoke(null, [item]));
        }
    }

    [Theory]
    [InlineData(typeof(V1Role), "{}", """{"rules":null}""")]
    [InlineData(typeof(V1Role), """{"rules":[]}""", """{"rules":null}""")]
    [InlineData(typeof(V1EndpointSlice), """{"addressType":"IPv4","endpoints":null}""", """{"addressType":"IPv4","endpoints":null,"ports":null}""")]
    [InlineData(typeof(V1CSINodeSpec), """{"drivers":[{"name":"d","nodeID":"n"}]}""", """{"drivers":[{"name":"d","nodeID":"n","topologyKeys":null}]}""")]
    [InlineData(typeof(V1PodCondition), """{"type":"A","status":"True"}""", """{"type":"A","status":"True","lastProbeTime":null,"lastTransitionTime":null}""")]
    [InlineData(typeof(V1TypedLocalObjectReference), """{"kind":"K","name":"n"}""", """{"kind":"K","name":"n","apiGroup":null}""")]
    [InlineData(typeof(V1ObjectMeta), """{"labels":{},"ownerReferences":[],"creationTimestamp":null}""", "{}")]
    public void What_Go_does_not_leave_out_is_null_where_nothing_is_set(Type model, string sent, string kept)
    {
        var schema = ModelSchemas.For(model);
        var item = ObjectDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(sent), schema, null);
        SchemaDefaults.Apply(item, schema);
        Assert.Equal(kept, item.ToJsonString());
    }

    private static Schema At<T>(params string[] path) where T : class =>
        path.Aggregate(ModelSchemas.For<T>(), (schema, field) => schema.Properties[field]);
}
