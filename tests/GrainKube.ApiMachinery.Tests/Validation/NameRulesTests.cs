using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Tests.Validation;

public class NameRulesTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("a-1", true)]
    [InlineData("-a", false)]
    [InlineData("a.", false)]
    [InlineData("", false)]
    public void Labels_of_dns(string value, bool valid) => Assert.Equal(valid, NameRules.DnsLabel(value).Count == 0);

    [Fact]
    public void A_label_with_dots_is_told_so() => Assert.Equal(["must not contain dots"], NameRules.DnsLabel("a.b"));

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("010.0.0.1", false)]
    [InlineData("1.2.3", false)]
    [InlineData("1", false)]
    [InlineData("::1", true)]
    [InlineData("::ffff:1.2.3.4", false)]
    [InlineData("fe80::1%eth0", false)]
    public void Addresses(string value, bool valid) => Assert.Equal(valid, NameRules.Ip(value).Count == 0);

    [Theory]
    [InlineData("http", true)]
    [InlineData("80", false)]
    [InlineData("a--b", false)]
    [InlineData("much-too-long-name", false)]
    public void Port_names(string value, bool valid) => Assert.Equal(valid, NameRules.PortName(value).Count == 0);

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.0.0.1/8", false)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("10.0.0.0", false)]
    public void Address_blocks(string value, bool valid) => Assert.Equal(valid, NameRules.Cidr(value).Count == 0);
}
