using GrainKube.ApiServer.Proxying;
using Xunit;

namespace GrainKube.ApiServer.Tests.Proxying;

public sealed class RewritingTests
{
    private const string Prefix = "/api/v1/namespaces/n/pods/p/proxy";

    [Theory]
    [InlineData("/rewriteme", Prefix + "/rewriteme")]
    [InlineData("/dir/", Prefix + "/dir/")]
    [InlineData("relative", "relative")]
    [InlineData("http://10.0.0.1:80/x?y=1", Prefix + "/x?y=1")]
    [InlineData("http://elsewhere/x", "http://elsewhere/x")]
    [InlineData(Prefix + "/done", Prefix + "/done")]
    public void Addresses_of_the_target_lead_through_the_proxy(string url, string expected) =>
        Assert.Equal(expected, Rewriting.Url(url, Prefix, "10.0.0.1:80", "api:6443"));

    [Fact]
    public void Only_addresses_in_tags_are_changed() => Assert.Equal(
        $"<p>href=\"/no\"</p><a class=\"x\" href=\"{Prefix}/yes\">/no</a><img src='{Prefix}/i.png'>",
        Rewriting.Html("<p>href=\"/no\"</p><a class=\"x\" href=\"/yes\">/no</a><img src='/i.png'>", Prefix, "10.0.0.1:80", "api:6443"));

    [Theory]
    [InlineData("p", "", "p", "")]
    [InlineData("p:80", "", "p", "80")]
    [InlineData("https:p:web", "https", "p", "web")]
    [InlineData("http:p:", "http", "p", "")]
    public void Names_carry_scheme_and_port(string text, string scheme, string name, string port) =>
        Assert.Equal(new ProxyName(scheme, name, port), ProxyName.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("ftp:p:80")]
    [InlineData("a:b:c:d")]
    public void Other_names_are_none(string text) => Assert.Null(ProxyName.Parse(text));
}
