using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace GrainKube.ApiServer.Tests.Requests;

public sealed class RequestInfoTests
{
    [Theory]
    [InlineData("GET", "/api/v1/namespaces/other/pods", "list||v1|other|pods||")]
    [InlineData("GET", "/api/v1/namespaces/other/pods/foo", "get||v1|other|pods||foo")]
    [InlineData("HEAD", "/api/v1/namespaces/other/pods/foo", "get||v1|other|pods||foo")]
    [InlineData("GET", "/api/v1/pods", "list||v1||pods||")]
    [InlineData("GET", "/api/v1/pods?watch=true", "watch||v1||pods||")]
    [InlineData("GET", "/api/v1/pods?watch=false", "list||v1||pods||")]
    [InlineData("GET", "/api/v1/watch/namespaces/other/pods", "watch||v1|other|pods||")]
    [InlineData("GET", "/api/v1/namespaces/other/pods?fieldSelector=metadata.name=foo", "list||v1|other|pods||foo")]
    [InlineData("GET", "/api/v1/namespaces/foo", "get||v1|foo|namespaces||foo")]
    [InlineData("PUT", "/api/v1/namespaces/foo/finalize", "update||v1|foo|namespaces|finalize|foo")]
    [InlineData("PUT", "/api/v1/namespaces/foo/status", "update||v1|foo|namespaces|status|foo")]
    [InlineData("POST", "/apis/apps/v1/namespaces/a/deployments", "create|apps|v1|a|deployments||")]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/a/deployments/d/scale", "patch|apps|v1|a|deployments|scale|d")]
    [InlineData("DELETE", "/api/v1/namespaces/a/pods", "deletecollection||v1|a|pods||")]
    [InlineData("DELETE", "/api/v1/nodes/n", "delete||v1||nodes||n")]
    [InlineData("POST", "/api/v1/namespaces/a/pods/p/exec?command=ls", "create||v1|a|pods|exec|p")]
    public void A_resource_request_is_read_from_its_path(string method, string url, string expected)
    {
        var info = Resolve(method, url);
        Assert.True(info.IsResourceRequest);
        Assert.Equal(expected, $"{info.Verb}|{info.ApiGroup}|{info.ApiVersion}|{info.Namespace}|{info.Resource}|{info.Subresource}|{info.Name}");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/healthz/ping")]
    [InlineData("/openapi/v3/api/v1")]
    public void Other_paths_are_no_resource_requests(string path)
    {
        var info = Resolve("GET", path);
        Assert.False(info.IsResourceRequest);
        Assert.Equal(("get", path), (info.Verb, info.Path));
    }

    private static RequestInfo Resolve(string method, string url)
    {
        var parts = url.Split('?');
        var query = parts.Length == 1 ? QueryCollection.Empty : new QueryCollection(QueryHelpers.ParseQuery(parts[1]));
        return RequestInfoResolver.Resolve(method, parts[0], query);
    }
}
