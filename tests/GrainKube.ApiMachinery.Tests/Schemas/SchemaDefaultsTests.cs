using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Tests.Schemas;

public class SchemaDefaultsTests
{
    [Fact]
    public void Defaults_go_into_what_is_present()
    {
        var pod = JsonNode.Parse("""{"spec":{"containers":[{"name":"a"},{"policy":"x"}]}}""")!.AsObject();
        SchemaDefaults.Apply(pod, PodSchema.Value);
        Assert.Equal("""{"spec":{"containers":[{"name":"a","policy":"File"},{"policy":"x"}],"restartPolicy":"Always"}}""", pod.ToJsonString());
    }

    [Fact]
    public void What_is_absent_stays_absent()
    {
        var pod = new JsonObject();
        SchemaDefaults.Apply(pod, PodSchema.Value);
        Assert.Empty(pod);
    }
}
