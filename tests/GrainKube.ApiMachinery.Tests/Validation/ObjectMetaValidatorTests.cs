using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Tests.Validation;

public class ObjectMetaValidatorTests
{
    [Theory]
    [InlineData("""{"name":"a","namespace":"b","labels":{"x.y/z":"v"},"annotations":{"A/b":"c d"},"finalizers":["a.b/c"]}""", null)]
    [InlineData("""{"namespace":"b"}""", "metadata.name: Required value: name or generateName is required")]
    [InlineData("""{"name":"a"}""", "metadata.namespace: Required value")]
    [InlineData("""{"name":"A_b","namespace":"b"}""", "metadata.name: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]
    [InlineData("""{"name":"a","generateName":"a-","namespace":"b"}""", null)]
    [InlineData("""{"name":"a","namespace":"b","labels":{"a":"b c"}}""", "metadata.labels: Invalid value: \"b c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    [InlineData("""{"name":"a","namespace":"b","annotations":{"/x":""}}""", "metadata.annotations: Invalid value: \"/x\": prefix part must be non-empty")]
    [InlineData("""{"name":"a","namespace":"b","finalizers":["orphan","foregroundDeletion"]}""", "metadata.finalizers: Invalid value: [\"orphan\",\"foregroundDeletion\"]: finalizer orphan and foregroundDeletion cannot be both set")]
    [InlineData("""{"name":"a","namespace":"b","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"x"}]}""", "metadata.ownerReferences[0].uid: Required value: must not be empty")]
    public void A_new_object_is_checked(string metadata, string? error)
    {
        var errors = new FieldErrors();
        ObjectMetaValidator.ValidateCreate(new JsonObject { ["metadata"] = JsonNode.Parse(metadata) }, NameFormat.DnsSubdomain, namespaced: true, errors);
        Assert.Equal(error is null ? [] : [error], errors.All.Select(e => e.ToString()));
    }

    [Fact]
    public void Cluster_wide_objects_have_no_namespace()
    {
        var errors = new FieldErrors();
        ObjectMetaValidator.ValidateCreate(JsonNode.Parse("""{"metadata":{"name":"a","namespace":"b"}}""")!.AsObject(), NameFormat.DnsLabel, namespaced: false, errors);
        Assert.Equal(["metadata.namespace: Forbidden: not allowed on this type"], errors.All.Select(e => e.ToString()));
    }

    [Fact]
    public void What_may_not_change_is_told_all_at_once()
    {
        var stored = JsonNode.Parse("""{"metadata":{"name":"a","namespace":"b","uid":"1","resourceVersion":"5","deletionTimestamp":"2024-01-01T00:00:00Z","finalizers":["x/y"]}}""")!.AsObject();
        var next = JsonNode.Parse("""{"metadata":{"name":"a","namespace":"b","uid":"2","resourceVersion":"5","deletionTimestamp":"2024-01-01T00:00:00Z","finalizers":["x/y","x/z"]}}""")!.AsObject();
        var errors = new FieldErrors();
        ObjectMetaValidator.ValidateUpdate(next, stored, errors);
        Assert.Equal(
            [
                "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"x/z\"}",
                "metadata.uid: Invalid value: \"2\": field is immutable",
            ],
            errors.All.Select(e => e.ToString()));
    }

    [Fact]
    public void Annotations_are_bounded()
    {
        var errors = new FieldErrors();
        LabelRules.Annotations([KeyValuePair.Create("a", new string('x', 256 * 1024))], errors.At("metadata").At("annotations"));
        Assert.Equal(["metadata.annotations: Too long: may not be more than 262144 bytes"], errors.All.Select(e => e.ToString()));
    }
}
