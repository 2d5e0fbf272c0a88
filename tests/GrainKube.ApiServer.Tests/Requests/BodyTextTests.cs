using System.Text;
using GrainKube.ApiServer.Requests;
using Xunit;

namespace GrainKube.ApiServer.Tests.Requests;

public sealed class BodyTextTests
{
    [Theory]
    [InlineData("""{"a":"\ud83d\ude00"}""", """{"a":"\ud83d\ude00"}""")]
    [InlineData("""{"\ud800kind":"x"}""", """{"\ufffdkind":"x"}""")]
    [InlineData("""["\ud800\ud83d\ude00","\udc00"]""", """["\ufffd\ud83d\ude00","\ufffd"]""")]
    [InlineData("""["\\ud800","\\\ud800"]""", """["\\ud800","\\\ufffd"]""")]
    [InlineData("""["\u00e9\uD8""", """["\u00e9\uD8""")]
    [InlineData("""["\uDBFF\n\uDFFF"]""", """["\ufffd\n\ufffd"]""")]
    public void Half_characters_are_replaced(string body, string readable) => Assert.Equal(readable, Encoding.UTF8.GetString(BodyText.Readable(Encoding.UTF8.GetBytes(body))));

    [Fact]
    public void What_is_no_utf8_is_replaced() => Assert.Equal("\"\ufffdx\"", Encoding.UTF8.GetString(BodyText.Readable([(byte)'"', 0x93, (byte)'x', (byte)'"'])));
}
