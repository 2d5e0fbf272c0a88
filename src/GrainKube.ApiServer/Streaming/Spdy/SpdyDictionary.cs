using System.Buffers.Binary;
using System.Text;

namespace GrainKube.ApiServer.Streaming.Spdy;

/// <summary>The dictionary that both ends of a SPDY/3 session begin their header compression with (SPDY protocol draft 3.1, section 2.6.10.1).</summary>
internal static class SpdyDictionary
{
    // Each with its length in four bytes before it, as in a header block.
    private const string Words =
        "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection " +
        "content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host " +
        "if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization " +
        "range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version " +
        "HTTP/1.1 url public set-cookie keep-alive origin";

    // Values that follow one another without lengths.
    private const string Tail =
        "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content" +
        "301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable" +
        "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT" +
        "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,public" +
        "privatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

    public static byte[] Bytes { get; } = Make();

    private static byte[] Make()
    {
        using var all = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var word in Words.Split(' '))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, word.Length);
            all.Write(length);
            all.Write(Encoding.ASCII.GetBytes(word.Replace('_', ' ')));
        }

        all.Write(Encoding.ASCII.GetBytes(Tail));
        return all.ToArray();
    }
}
