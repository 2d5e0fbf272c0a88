using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Events;

public sealed class EventConversionTests
{
    private const string Newer = """
        {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e"},"regarding":{"kind":"Pod","name":"p"},"note":"hello","reportingController":"c",
         "reportingInstance":"i","action":"Run","deprecatedCount":2,"deprecatedSource":{"component":"k"},"eventTime":"2026-05-04T11:58:00.000001Z"}
        """;

    [Fact]
    public void An_event_of_the_newer_group_is_stored_under_the_older_names_and_comes_back_as_it_was()
    {
        var version = BuiltInResources.All.Single(d => d.GroupResource.ToString() == "events").Versions[1];
        var item = JsonNode.Parse(Newer)!.AsObject();

        version.ToStorage!(item);
        Assert.Equal("v1", (string?)item["apiVersion"]);
        Assert.Equal("p", (string?)item["involvedObject"]!["name"]);
        Assert.Equal("hello", (string?)item["message"]);
        Assert.Equal("c", (string?)item["reportingComponent"]);
        Assert.False(item.ContainsKey("regarding"));
        Assert.Equal("k", BuiltInResources.All.Single(d => d.GroupResource.ToString() == "events").SelectableFields["source"](Sample.Of("events", item.ToJsonString())));

        version.FromStorage!(item);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Newer), item));
    }
}
