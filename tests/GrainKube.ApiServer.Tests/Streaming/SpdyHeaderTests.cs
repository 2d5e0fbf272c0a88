using CsCheck;
using GrainKube.ApiServer.Streaming.Spdy;
using ICSharpCode.SharpZipLib.Checksum;
using Xunit;

namespace GrainKube.ApiServer.Tests.Streaming;

public sealed class SpdyHeaderTests
{
    [Fact]
    public void The_dictionary_is_that_of_the_protocol()
    {
        var checksum = new Adler32();
        checksum.Update(SpdyDictionary.Bytes);
        Assert.Equal((1423, 0xE3C6A7C2), (SpdyDictionary.Bytes.Length, (uint)checksum.Value));
    }

    [Fact]
    public void Blocks_are_read_as_they_were_written() => Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 20].Select(name => name.ToLowerInvariant()), Gen.String)[0, 5].Array[1, 5]
        .Sample(blocks =>
        {
            var (writer, reader) = (new HeaderWriter(), new HeaderReader());
            return blocks.All(block =>
            {
                var read = reader.Read(writer.Write(block));
                return read.Count == block.Count && block.All(pair => read[pair.Key] == System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(pair.Value)));
            });
        }, iter: 200);

    [Fact]
    public void Hostile_blocks_end_the_session_and_nothing_else() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            new HeaderReader().Read(bytes);
        }
        catch (SpdyProtocolException)
        {
            // What is expected of noise.
        }
    }, iter: 2000);

    [Fact]
    public void A_block_that_unfolds_without_end_is_refused()
    {
        var deflater = new ICSharpCode.SharpZipLib.Zip.Compression.Deflater();
        deflater.SetInput(new byte[10_000_000]);
        deflater.Finish();
        var bomb = new byte[100_000];
        var length = deflater.Deflate(bomb);
        Assert.Throws<SpdyProtocolException>(() => new HeaderReader().Read(bomb.AsSpan(0, length)));
    }
}
